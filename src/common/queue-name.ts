/** What a queue may be called. */
export const QUEUE_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
