import type { BuildDetail } from '@slipway/contracts';
import { deploymentOf, type BuildRow, type Ledger } from '@slipway/ledger';
import { detailOf } from './build-resource';

/** Reads builds with all that belongs to them. */
export class ReadBuilds {
  constructor(private readonly ledger: Ledger) {}

  async detail(buildId: string, logLines: number): Promise<BuildDetail> {
    const build = await this.ledger.builds.mustGet(buildId);
    const [queue, history, row, logsPreview] = await Promise.all([
      this.ledger.builds.queuePlace(build),
      this.ledger.builds.history(buildId),
      this.ledger.functions.get(build.tenant, build.parser),
      this.ledger.logs.tail(buildId, build.attempt, logLines),
    ]);
    return detailOf({ build, deployment: deploymentOf(build, row), queue, history, logsPreview });
  }

  /** The whole kept output of the attempt, the latest where none is named. */
  async log(buildId: string, attempt?: number): Promise<string> {
    const build: BuildRow = await this.ledger.builds.mustGet(buildId);
    return (await this.ledger.logs.read(buildId, attempt ?? build.attempt)).text;
  }
}
