import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '../../src/auth/auth.guard.js';
import { type Caller, inRequest } from '../../src/auth/caller.js';
import type { Entrance } from '../../src/auth/entrance.js';
import { Grants } from '../../src/auth/scopes.js';
import { resolveConfig } from '../../src/config/index.js';

describe('a route that names no scope', () => {
  class Routes {
    unnamed(): string {
      return 'done';
    }
  }
  const guard = (...scopes: string[]) => {
    const caller: Caller = { name: 'key:1', grants: new Grants(scopes) };
    const entrance = { callerOf: () => Promise.resolve(caller), callerNow: () => Promise.resolve(caller) };
    const config = resolveConfig({ AUTH_MODE: 'keys' });
    return new AuthGuard(entrance as unknown as Entrance, new Reflector(), config);
  };
  const context = {
    getHandler: () => Routes.prototype.unnamed,
    getClass: () => Routes,
    switchToHttp: () => ({ getRequest: () => ({ headers: {} }), getResponse: () => ({}) }),
  } as unknown as ExecutionContext;

  const enter = (...scopes: string[]) =>
    new Promise((resolve, reject) =>
      inRequest(
        () =>
          void guard(...scopes)
            .canActivate(context)
            .then(resolve, reject),
      ),
    );

  test('is for administrators alone', async () => {
    const others = ['jobs:submit', 'jobs:read', 'jobs:control', 'queues:admin', 'leases', 'admin@default'];
    await expect(enter(...others)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(enter()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await enter('admin')).toBe(true);
  });
});
