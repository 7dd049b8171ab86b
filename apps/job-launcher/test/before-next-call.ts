type AsyncMethod = (...args: never[]) => Promise<unknown>;

/** Has `act` done before the next call of a port's method, and before no other: a way to come in at an exact instant. */
export function beforeNextCall<Name extends string, Port extends Record<Name, AsyncMethod>>(
  port: Port,
  name: Name,
  act: (...args: Parameters<Port[Name]>) => Promise<unknown>,
): void {
  const call = port[name];
  port[name] = (async (...args: Parameters<Port[Name]>) => {
    port[name] = call;
    await act(...args);
    return call.apply(port, args);
  }) as Port[Name];
}
