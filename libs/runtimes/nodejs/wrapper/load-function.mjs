const HANDLERS = ['handle', 'handler', 'main', 'default'];
const LIFECYCLE = ['init', 'shutdown', 'liveness', 'readiness', 'cors'];

/**
 * Loads the module at `url` and finds the handler among its exports: `handle`, `handler`, `main`, the default export, or
 * one of these on the default export (which is what `module.exports` becomes).
 */
export async function loadFunction(url) {
  const module = await import(url.href);
  for (const exported of [module, module.default, module.default?.default]) {
    if (typeof exported === 'function') return { handle: exported, lifecycle: {} };
    if (exported === null || typeof exported !== 'object') continue;
    const name = HANDLERS.find((each) => typeof exported[each] === 'function');
    // Bound, because a handler may be a method of the exported object.
    if (name)
      return {
        handle: exported[name].bind(exported),
        parameters: exported[name],
        lifecycle: lifecycle(exported),
      };
  }
  throw new TypeError(
    `${url.pathname} exports no handler: export a function as default, handle, handler or main.`,
  );
}

function lifecycle(exported) {
  const present = LIFECYCLE.filter((name) => typeof exported[name] === 'function');
  return Object.fromEntries(present.map((name) => [name, exported[name].bind(exported)]));
}
