import { IsIn, Matches, ValidateBy, type ValidationOptions } from 'class-validator';

/** A URL that can be taken apart and begins with one of the schemes. Which parts it must have is the user's affair. */
export function IsUrlOf(schemes: readonly string[], options: ValidationOptions): PropertyDecorator {
  const isUrl = (value: unknown): boolean =>
    typeof value === 'string' &&
    schemes.some((scheme) => value.startsWith(`${scheme}://`)) &&
    URL.canParse(value);
  return ValidateBy({ name: 'isUrlOf', validator: { validate: isUrl } }, options);
}

export function IsAmqpUrl(): PropertyDecorator {
  return IsUrlOf(['amqp', 'amqps'], {
    message: 'must be a URL such as amqp://user:password@host:5672/vhost, or amqps://',
  });
}

export function IsHttpUrl(): PropertyDecorator {
  return IsUrlOf(['http', 'https'], {
    message: 'must be an http:// or https:// URL such as http://host:9000',
  });
}

/** How the types or sources of our events begin. */
export function IsEventPrefix(): PropertyDecorator {
  return Matches(/^[a-z0-9.-]+\.$/, { message: 'must be lower-case labels that end in a dot' });
}

/** Says, where both were set, that the limit `part` is above the limit `whole` and therefore limits nothing. */
export function idleLimits<Name extends string>(
  config: Readonly<Partial<Record<Name, number>>>,
  isSet: (name: string) => boolean,
  part: Name,
  whole: Name,
): string[] {
  const [inner, outer] = [config[part], config[whole]];
  if (!isSet(part) || !isSet(whole) || inner === undefined || outer === undefined || inner <= outer)
    return [];
  return [
    `${part} is ${inner}, above ${whole} which is ${outer}, so it limits nothing; set it to at most ${outer}, or raise ${whole}.`,
  ];
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];

export function IsLogLevel(): PropertyDecorator {
  return IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` });
}
