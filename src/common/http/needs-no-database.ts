import { SetMetadata } from '@nestjs/common';

/** Where the decorator leaves its mark. */
export const NEEDS_NO_DATABASE = 'roundhouse:needs-no-database';

/** These routes answer also while a process waits for its database. */
export const NeedsNoDatabase = () => SetMetadata(NEEDS_NO_DATABASE, true);
