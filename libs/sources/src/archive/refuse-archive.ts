import { SlipwayError } from '@slipway/domain';

/** Ends the reading of an archive because of what it does. `what` goes on after "The archive". */
export function refuseArchive(what: string, cause?: unknown): never {
  throw new SlipwayError('source_invalid', `The archive ${what}.`, { cause });
}

/** Ends the reading of an archive whose bytes are not what its format asks for. */
export function damaged(why: string, cause?: unknown): never {
  refuseArchive(`is damaged: ${why}`, cause);
}
