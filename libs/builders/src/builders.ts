import { SlipwayError, type Builder } from '@slipway/domain';
import { hostBuilder } from './host/host.builder';

/** Every builder there is. A new one adds its folder and a line here. */
export const BUILDERS: readonly Builder[] = [hostBuilder];

/** Fails with `builder_unsupported`. */
export function builderNamed(name: string): Builder {
  const found = BUILDERS.find((builder) => builder.name === name);
  if (found) return found;
  const known = BUILDERS.map((builder) => builder.name).join(', ');
  throw new SlipwayError(
    'builder_unsupported',
    `There is no builder "${name.slice(0, 60)}". Known are: ${known}.`,
  );
}
