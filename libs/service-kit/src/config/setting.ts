import 'reflect-metadata';

export interface SettingInfo {
  /** One sentence for the reference page. */
  about: string;
  default?: string | number | boolean;
  /** May also come from the file that `{NAME}_FILE` names; never printed. */
  secret?: boolean;
}

export interface Setting extends SettingInfo {
  name: string;
  type: 'string' | 'number' | 'boolean';
}

export type SettingsClass<T extends object = object> = new () => T;

const KEY = Symbol('slipway:settings');

/** Marks a property as an environment variable of the same name. class-validator's decorators beside it say what is valid. */
export function EnvSetting(info: SettingInfo): PropertyDecorator {
  return (target, property) => {
    const known = (Reflect.getMetadata(KEY, target) ?? []) as Setting[];
    const type = Reflect.getMetadata('design:type', target, property) as unknown;
    const kind = type === Number ? 'number' : type === Boolean ? 'boolean' : 'string';
    Reflect.defineMetadata(KEY, [...known, { ...info, name: String(property), type: kind }], target);
  };
}

export function settingsOf(shape: SettingsClass): Setting[] {
  return (Reflect.getMetadata(KEY, shape.prototype) ?? []) as Setting[];
}
