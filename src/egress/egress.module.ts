import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { EgressRules } from './egress-rules.js';
import { OutboundHttp } from './outbound-http.js';

/** Requests to addresses that users name. */
@Module({
  providers: [
    { provide: EgressRules, inject: [CONFIG], useFactory: ({ egress }: Config) => new EgressRules(egress) },
    {
      provide: OutboundHttp,
      inject: [EgressRules],
      useFactory: (rules: EgressRules) => new OutboundHttp(rules),
    },
  ],
  exports: [EgressRules, OutboundHttp],
})
export class EgressModule {}
