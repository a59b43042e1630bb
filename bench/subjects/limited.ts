/** More than anybody sends here. */
process.env.HTTP_RATE_LIMIT = '1000000/second';
await import('./roundhouse.js');
