import { Module } from '@nestjs/common';
import { ClientAddresses } from './client-addresses.js';
import { RequestRates } from './request-rates.js';

/** What clients may ask of this process. */
@Module({ providers: [ClientAddresses, RequestRates], exports: [ClientAddresses, RequestRates] })
export class RequestLimitsModule {}
