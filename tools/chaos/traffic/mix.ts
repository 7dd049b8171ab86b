/** What the traffic is made of. The weights of one row are relative to each other. */
export const MIX = {
  wishes: {
    start: 40,
    batch: 3,
    repeat: 6,
    conflict: 4,
    rebuild: 5,
    cancel: 7,
    update: 5,
    delete: 2,
    call: 8,
    request: 10,
    read: 10,
  },
  doors: { 'amqp-binary': 3, 'amqp-structured': 3, 'http-binary': 2, 'http-structured': 2 },
  sources: { inline: 80, object: 12, dependency: 5, crash: 1, missing: 1, 'unknown-key': 1 },
  cancels: { rest: 6, 'build-by-event': 3, 'function-by-event': 1 },
} as const;

/** Of the builds with a source, so many have one that the tenant never sent before. */
export const NEW_CONTENT = 0.3;

export const FUNCTIONS_PER_TENANT = 25;

/** A batch has from two to four events. */
export const BATCH = { smallest: 2, largest: 4 } as const;

/** Milliseconds after the start within which a build is cancelled. */
export const CANCEL_WITHIN = 3_000;

/** How many start events a wish stands for on average. */
export function startsPerWish(): number {
  const { start, batch, rebuild, cancel } = MIX.wishes;
  const total = Object.values(MIX.wishes).reduce<number>((sum, weight) => sum + weight, 0);
  return (start + rebuild + cancel + (batch * (BATCH.smallest + BATCH.largest)) / 2) / total;
}
