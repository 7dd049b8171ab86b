import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Answer, FunctionResource } from '@slipway/contracts';
import { SlipwayError } from '@slipway/domain';
import { Ledger, effectiveOptions, type FunctionRow } from '@slipway/ledger';
import { filterIn, limitIn, type Query as ListQuery } from '../builds/list-query';
import { answered } from '../http/answer';

function resourceOf(row: FunctionRow): FunctionResource {
  const pending = row.applied_version < row.wish_version;
  const status = pending ? 'pending' : row.applied_status;
  const { env, ...options } = effectiveOptions(row);
  return {
    third_party_id: row.tenant,
    parser_id: row.parser,
    service_name: row.service,
    status,
    sequence: row.wish_sequence,
    // Values of environment variables may be secrets of the tenant; their names are enough here.
    options: { ...options, ...(env ? { env: Object.keys(env) } : {}) },
    ...(row.url ? { url: row.url } : {}),
    ...(row.applied_revision ? { revision: row.applied_revision } : {}),
    ...(row.applied_digest ? { image_digest: row.applied_digest } : {}),
    ...(row.code_build_id ? { build_id: row.code_build_id } : {}),
    ...(row.applied_cause ? { cause: row.applied_cause } : {}),
  };
}

@Controller('functions')
export class FunctionsController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  async list(
    @Query() query: ListQuery,
  ): Promise<{ functions: FunctionResource[]; count: number; limit: number } & Answer> {
    return answered(async () => {
      const limit = limitIn(query);
      const { tenant } = filterIn(query);
      const functions = (await this.ledger.functions.list({ tenant }, limit)).map(resourceOf);
      return { functions, count: functions.length, limit };
    });
  }

  @Get(':tenant/:parser')
  async get(
    @Param('tenant') tenant: string,
    @Param('parser') parser: string,
  ): Promise<{ function: FunctionResource } & Answer> {
    return answered(async () => {
      const row = await this.ledger.functions.get(tenant, parser);
      if (!row || row.wish_sequence === 0)
        throw new SlipwayError('not_found', `There is no function ${tenant}/${parser}.`);
      return { function: resourceOf(row) };
    });
  }
}
