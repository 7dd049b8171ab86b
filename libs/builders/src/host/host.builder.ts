import type { Builder } from '@slipway/domain';
import { outcomeOf } from './outcome/outcome';

/**
 * Builds with the package managers of the machine itself, into a folder instead of an image. `command` names the program;
 * the platform knows where it lies, and gives it its context and its folders by environment.
 */
export const hostBuilder: Builder = {
  name: 'host',
  container: ({ memoryBytes }) => ({ command: ['host-build'], environment: {}, memoryBytes }),
  outcome: outcomeOf,
};
