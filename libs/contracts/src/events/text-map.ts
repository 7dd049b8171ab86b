import { ValidateBy, type ValidationOptions } from 'class-validator';

function isTextMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === 'string');
}

/** An object whose values are all texts. */
export function IsTextMap(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isTextMap', validator: { validate: isTextMap } }, options);
}
