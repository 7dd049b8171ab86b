import { startMoto } from './moto';

describe('the S3 server of the tests', () => {
  it.each([
    ['there is no Python', 'no-such-python'],
    ['it does not start', 'false'],
  ])('is a failure that says what to install where %s', async (_, interpreter) => {
    await expect(startMoto(interpreter)).rejects.toThrow(/S3_ENDPOINT.*install moto/s);
  });
});
