import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';

/** The route of addresses that nothing answers: whoever scans for them must not make a label each. */
const NO_ROUTE = 'none';

/** How long requests took, by route template. */
export const httpDuration = makeHistogramProvider({
  name: 'http_request_duration_seconds',
  help: 'Time from the arrival of an HTTP request until its answer was sent, by route and class of status (2xx); held are those that wait by the wish of their callers.',
  labelNames: ['method', 'route', 'status', 'held'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
});

/** Times every request. Fastify's hook, since a Nest interceptor sees neither the final status nor refused bodies. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectMetric('http_request_duration_seconds') private readonly duration: Histogram,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      this.observe(request, reply);
      done();
    });
  }

  private observe({ method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
    const route = routeOptions.url ?? NO_ROUTE;
    // Every status of its own would make several times as many series.
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    const held = isHeld(route, reply) ? 'yes' : 'no';
    this.duration.observe({ method, route, status, held }, reply.elapsedTime / 1000);
  }
}

/** Whether the caller may have wanted to wait, for jobs to lease, the end of a job or its events: that says nothing of how fast the API is. */
function isHeld(route: string, reply: FastifyReply): boolean {
  return (
    route === '/leases' ||
    reply.hasHeader('preference-applied') ||
    String(reply.getHeader('content-type')).startsWith('text/event-stream')
  );
}
