import { BUILDERS, builderNamed } from './builders';

test('every builder is found by its name', () => {
  for (const builder of BUILDERS) expect(builderNamed(builder.name)).toBe(builder);
});

test('an unknown name fails with builder_unsupported and names the known ones', () => {
  expect(() => builderNamed('bazel')).toThrow(
    expect.objectContaining({ code: 'builder_unsupported', message: expect.stringContaining('host') }),
  );
});

test('the plan of a host build is a symbolic command with the limit it was given', () => {
  const spec = builderNamed('host').container({ imageUri: 'r/i:t', memoryBytes: 7 });
  expect(spec).toEqual({ command: ['host-build'], environment: {}, memoryBytes: 7 });
});
