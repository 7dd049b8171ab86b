export { Broker, type BrokerOptions } from './broker/broker';
export { Publisher, type PublishTarget } from './broker/publisher';
export { decodeMessage, type DecodedEvent, type RawMessage } from './codec/decode';
export { dataBytes, encodeBinary } from './codec/encode';
export { DeadLetters } from './consumer/dead-letters';
export type { ConsumerLog, WaitFor } from './consumer/message-handling';
export { QueueConsumer, type ConsumerOptions } from './consumer/queue-consumer';
export type { Delivery, Handler, Verdict } from './consumer/verdict';
export { OutboxRelay } from './relay/outbox-relay';
export { Topology, type TopologyOptions } from './topology/topology';
export {
  LedgerApp,
  ledgerOf,
  namingOf,
  type Consumption,
  type LedgerAppContext,
  type LedgerAppSettings,
  type LedgerAppUseCases,
} from './app/ledger-app';
