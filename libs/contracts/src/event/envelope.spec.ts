import { eventFrom, eventFromStructured, structuredOf } from './envelope';

const GOOD = { id: '1', source: '/s', type: 't', specversion: '1.0' };

describe('the envelope of an event', () => {
  it('keeps attributes, extensions and data, also through its JSON form', () => {
    const event = eventFromStructured({ ...GOOD, subject: 'x', myext: 5, data: { a: 1 } });
    expect(event).toMatchObject({ subject: 'x', extensions: { myext: '5' }, data: { a: 1 } });
    expect(eventFromStructured(structuredOf(event))).toEqual(event);
  });

  it('reads bytes from data_base64 and writes them back', () => {
    const event = eventFromStructured({ ...GOOD, data_base64: 'AAE=' });
    expect(event.data).toEqual(Buffer.from([0, 1]));
    expect(structuredOf(event)).toMatchObject({ data_base64: 'AAE=' });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no id', { ...GOOD, id: undefined }, '/id'],
    ['an empty source', { ...GOOD, source: '' }, '/source'],
    ['no type', { ...GOOD, type: undefined }, '/type'],
    ['another specversion', { ...GOOD, specversion: '0.3' }, '/specversion'],
    ['a name in upper case', { ...GOOD, Bad: 'x' }, '/Bad'],
    ['an object as attribute', { ...GOOD, ext: {} }, '/ext'],
    ['a wrong time', { ...GOOD, time: 'yesterday' }, '/time'],
    ['a NUL character', { ...GOOD, ext: 'a\0b' }, '/ext'],
    ['an attribute called data', { ...GOOD, data: 'x' }, '/data'],
    ['an id of 256 bytes', { ...GOOD, id: 'ä'.repeat(128) }, '/id'],
    ['a half of a surrogate pair', { ...GOOD, subject: '\ud800' }, '/subject'],
    ['an over-long attribute', { ...GOOD, ext: 'x'.repeat(5000) }, '/ext'],
  ])('refuses %s and names the attribute', (_what, attributes, pointer) => {
    let problems: { pointer: string }[] = [];
    try {
      eventFrom(attributes, undefined);
    } catch (error) {
      problems = (error as { problems: { pointer: string }[] }).problems;
    }
    expect(problems.map((problem) => problem.pointer)).toContain(pointer);
  });

  it.each([
    ['', 'The attribute "" must be named in lower-case letters and digits.'],
    ['x'.repeat(300), /^The attribute "x{99}… must be named/],
    ['data', 'The attribute "data" must be named otherwise'],
  ])('says of the name %j what is wrong', (name, sentence) => {
    expect(() => eventFrom({ ...GOOD, [name]: 'x' }, undefined)).toThrow(sentence);
  });

  it.each([
    ['20 attributes of 2000 characters', 20, 2000],
    ['5000 attributes of one', 5000, 1],
  ])('refuses %s, which no message can carry', (_what, count, length) => {
    const many = Object.fromEntries(Array.from({ length: count }, (_, n) => [`e${n}`, 'x'.repeat(length)]));
    expect(() => eventFrom({ ...GOOD, ...many }, undefined)).toThrow(
      /need \d+ bytes together; at most 32768/,
    );
  });

  it.each([
    [null],
    [[]],
    ['text'],
    [{ ...GOOD, data: 1, data_base64: 'AA==' }],
    [{ ...GOOD, data_base64: '%' }],
  ])('refuses %j as structured event', (body) => {
    expect(() => eventFromStructured(body)).toThrow(
      expect.objectContaining({ code: 'not_a_cloudevent' }) as Error,
    );
  });
});
