import { BOMB_GROUPS } from './bombs';
import { COLLISION_GROUPS } from './collisions';
import { DAMAGE_GROUPS } from './damage';
import type { HostileGroup } from './hostile-archive';
import { NAME_GROUPS } from './names';
import { TAR_EXTENSION_GROUPS } from './tar-extensions';
import { TAR_KIND_GROUPS } from './tar-kinds';
import { TAR_NUMBER_GROUPS } from './tar-numbers';
import { ZIP_ENTRY_GROUPS } from './zip-entries';
import { ZIP_LIE_GROUPS } from './zip-lies';

/** Every archive that must be refused; each is made when it is asked for, for some are large. */
export const HOSTILE_ARCHIVES: readonly HostileGroup[] = [
  ...NAME_GROUPS,
  ...COLLISION_GROUPS,
  ...TAR_KIND_GROUPS,
  ...TAR_EXTENSION_GROUPS,
  ...TAR_NUMBER_GROUPS,
  ...DAMAGE_GROUPS,
  ...ZIP_ENTRY_GROUPS,
  ...ZIP_LIE_GROUPS,
  ...BOMB_GROUPS,
];
