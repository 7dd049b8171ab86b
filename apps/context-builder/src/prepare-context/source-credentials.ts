import { sourceCredentialsFrom } from '@slipway/sources';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/** What is wrong with the credentials, by line and field and never with what stands there. */
function problemOf(value: unknown): string | undefined {
  try {
    sourceCredentialsFrom(String(value));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '');
  }
}

export function IsSourceCredentials(): PropertyDecorator {
  return ValidateBy({
    name: 'isSourceCredentials',
    validator: {
      validate: (value: unknown) => problemOf(value) === undefined,
      defaultMessage: (given?: ValidationArguments) =>
        `must be lines such as https://user:token@host (${problemOf(given?.value) ?? ''})`,
    },
  });
}
