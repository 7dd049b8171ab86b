import { ID_PATTERN } from '@slipway/domain';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** A context must outlive the work that has just begun on it. */
export const MIN_TTL_DAYS = 0.05;
/** Beyond it PostgreSQL has no date to compare with. */
export const MAX_TTL_DAYS = 36_500;

export const TENANT_DAYS_RULE = `must be tenant=days, separated by commas, each tenant once and its days from ${MIN_TTL_DAYS} to ${MAX_TTL_DAYS}`;

/** `acme=30,globex=0.5` as numbers by tenant; undefined where it is not of that form. */
export function tenantDaysIn(text: string): Record<string, number> | undefined {
  const days = new Map<string, number>();
  for (const pair of text.split(',')) {
    const [tenant = '', number = '', ...rest] = pair.split('=');
    const value = /^\d+(\.\d+)?$/.test(number) ? Number(number) : Number.NaN;
    const inRange = value >= MIN_TTL_DAYS && value <= MAX_TTL_DAYS;
    if (rest.length > 0 || !ID_PATTERN.test(tenant) || !inRange || days.has(tenant)) return undefined;
    days.set(tenant, value);
  }
  return Object.fromEntries(days);
}

export function IsTenantDays(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'string' && tenantDaysIn(value) !== undefined;
  return ValidateBy({ name: 'isTenantDays', validator: { validate } }, options);
}
