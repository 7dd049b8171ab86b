const ms = require('ms');

/** Greets whoever the request's body or the event's data names. */
module.exports = async (context, input) => {
  const data = (context.cloudevent ? input.data : input) ?? {};
  return {
    message: `Hello, ${data.name ?? 'world'}!`,
    runtime: `nodejs ${process.versions.node}`,
    awake: ms(Math.round(process.uptime() * 1000), { long: true }),
  };
};
