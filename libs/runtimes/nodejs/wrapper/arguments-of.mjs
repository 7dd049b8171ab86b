const CONTEXT_NAME = /^(ctx|context|req|request)$/i;
const INPUT_NAME = /^(event|evt|ce|cloudevent|message|msg|body|data|input|payload)$/i;

/**
 * How a handler wants to be called: (context, input) is the middleware's own order, where input is the event of an event
 * and the body of a plain request. A first parameter that is named like an input gets the input, and so does a single
 * parameter that is not named like a context.
 */
export function argumentsOf(handler) {
  const first = firstParameter(handler);
  const inputFirst = INPUT_NAME.test(first) || (handler.length < 2 && !CONTEXT_NAME.test(first));
  return inputFirst ? (context, input) => [input, context] : (context, input) => [context, input];
}

function firstParameter(handler) {
  const source = Function.prototype.toString.call(handler).slice(0, 2000);
  const found =
    /^(?:async\s+)?(?:function\b\s*\*?\s*)?(?:[\w$]+\s*)?\(\s*([\w$]+)|^(?:async\s+)?([\w$]+)\s*=>/.exec(
      source,
    );
  return found?.[1] ?? found?.[2] ?? '';
}
