// Loaded before an app by --import: its own clock runs ahead by CLOCK_AHEAD_SECONDS, as on a machine whose clock is wrong.
const aheadMs = Number(process.env.CLOCK_AHEAD_SECONDS) * 1000;
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + aheadMs);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + aheadMs;
  }
};
