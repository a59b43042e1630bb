import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './scopes.js';

/** Where the decorators leave what they say. */
export const ACCESS = 'roundhouse:access';

/** The name of API keys in the OpenAPI document. */
export const KEY_SCHEME = 'api_key';

/** The same of access tokens. */
export const TOKEN_SCHEME = 'access_token';

/** Who may use a route. */
export type Access = 'public' | { readonly scope: Scope; readonly byQueue: boolean };

/**
 * Lets whoever holds the scope in every queue use a route.
 * @param byQueue whether it is for those too who hold it in some queues only: then whatever does the work must hold the
 * queue that it turns out to be about against `refuseQueue`
 */
export function Requires(scope: Scope, { byQueue = false } = {}): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, { scope, byQueue }),
    // Either will do.
    ApiSecurity(KEY_SCHEME, [scope]),
    ApiSecurity(TOKEN_SCHEME, [scope]),
  );
}

/** Lets everybody use a route, also without a key. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(ACCESS, 'public');
}
