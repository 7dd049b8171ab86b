import { findUser } from './service-user.ts';

describe('the user of a server', () => {
  const passwd =
    'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\npostgres:x:101:104::/:/bin/sh\n';

  it('is the first of the wanted names that exists', () => {
    expect(findUser(['postgres', 'nobody'], passwd)).toEqual({ name: 'postgres', uid: 101, gid: 104 });
    expect(findUser(['rabbitmq', 'nobody'], passwd)).toEqual({ name: 'nobody', uid: 65534, gid: 65534 });
    expect(findUser(['rabbitmq'], passwd)).toBeUndefined();
  });
});
