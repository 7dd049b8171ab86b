import { connect } from 'amqplib';

/** True once a client with these credentials gets through the whole AMQP handshake; undefined until then. */
export async function brokerAnswers(url: string): Promise<true | undefined> {
  try {
    const connection = await connect(url, { timeout: 3_000 });
    // A broker that goes away while we say goodbye is a matter of whoever uses it next.
    connection.on('error', () => undefined);
    await connection.close();
    return true;
  } catch {
    return undefined; // Not up yet; what it says about why stands in its log.
  }
}
