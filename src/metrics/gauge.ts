import type { Provider, Type } from '@nestjs/common';
import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { known } from './known.js';

/** What a gauge shows: one value for each set of labels. */
export type Samples = readonly {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}[];

interface Wanted<Source, Seen> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Who is asked at each scrape. */
  readonly from: Type<Source>;
  readonly look: (source: Source) => Promise<Seen>;
  readonly samples: (seen: Seen) => Samples;
}

/** A gauge that is asked for at each scrape, and left out when nobody knows: its last value would look like news. */
export function askedGauge<Source, Seen>(wanted: Wanted<Source, Seen>): Provider {
  const { name, help, labelNames = [], from, look, samples } = wanted;
  return makeGaugeProvider({
    name,
    help,
    labelNames: [...labelNames],
    inject: [from],
    async collect(this: Gauge, source: Source) {
      const seen = await known(look(source));
      // A gauge without labels that is reset shows 0.
      if (labelNames.length > 0) this.reset();
      else this.remove();
      if (seen === undefined) return;
      for (const { labels, value } of samples(seen)) this.set(labels, value);
    },
  });
}

/** The samples of a gauge without labels. */
export function only(value: number): Samples {
  return [{ labels: {}, value }];
}
