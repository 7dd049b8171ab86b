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

export interface SettingsClass<T extends object = object> {
  new (): T;
  /**
   * A sentence for each pair of settings that are right by themselves and wrong together. `config` holds those of all
   * shapes of the app that are right; `isSet` tells what the environment names from what is left to its default.
   */
  contradictions?(config: never, isSet: (name: string) => boolean): string[];
}

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
