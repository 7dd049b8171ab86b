import type { Answer } from '@slipway/contracts';

/** Adds what every answer says besides its content: that it is one, when it was made, and how many seconds it took. */
export async function answered<T extends object>(make: () => Promise<T>): Promise<T & Answer> {
  const start = performance.now();
  const content = await make();
  return {
    ...content,
    success: true,
    timestamp: new Date().toISOString(),
    duration: Math.round(performance.now() - start) / 1000,
  };
}
