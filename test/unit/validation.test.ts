import { IsInt } from 'class-validator';
import {
  Choice,
  Decimal,
  Integer,
  JsonObjectField,
  Nested,
  NestedList,
  Text,
  TextList,
  Without,
  jsonSchemaOf,
  toInstance,
  toValid,
} from '../../src/common/http/index.js';
import { DomainError } from '../../src/common/index.js';

class Address {
  @Text({ description: 'Street.', minLength: 1, maxLength: 10 })
  street: string;
}

class Order {
  @Integer({ description: 'Count.', min: 1, max: 10 })
  count: number;

  @Decimal({ description: 'Weight.', min: 0, max: 1, optional: true })
  weight?: number;

  @Text({ description: 'Note.', maxLength: 5, optional: true, nullable: true })
  note?: string | null;

  @Choice({ description: 'Size.', choices: ['s', 'l'], optional: true })
  size?: string;

  @TextList({ description: 'Tags.', maxItems: 2, maxLength: 3, optional: true })
  tags?: string[];

  @Nested({ description: 'Where to.', of: Address, optional: true })
  address?: Address;

  @JsonObjectField({ description: 'Anything.', optional: true })
  free?: Record<string, unknown>;

  get double(): number {
    return this.count * 2;
  }
}

class Route {
  @NestedList({ description: 'Stops.', of: Address, maxItems: 2 })
  stops: Address[];
}

class Needs {
  @Text({ description: 'Name.', minLength: 1, maxLength: 10, pattern: /^[a-z]+$/, example: 'ada' })
  name: string;

  @Choice({ description: 'Size.', choices: ['s', 'l'] })
  size: string;

  @TextList({ description: 'Tags.', maxItems: 2, maxLength: 3 })
  tags: string[];

  @JsonObjectField({ description: 'Anything.', example: { a: 1 } })
  payload: object;

  @Nested({ description: 'Where to.', of: Address })
  where: Address;

  @NestedList({ description: 'Stops.', of: Address, maxItems: 2 })
  stops: Address[];
}

class Whole {
  @Text({ description: 'Zone.', maxLength: 10, optional: true })
  timezone?: string;

  @Integer({ description: 'When.', min: 1, max: 2, optional: true })
  when?: number;
}

class Rest extends Without(Whole, { when: 'It comes at once.' }) {}

class Undeclared {
  [key: string]: unknown;
}

class OnlyRules {
  @IsInt()
  count: number;
}

async function faultsOf(
  value: unknown,
  options?: Parameters<typeof toValid>[2],
  type: new () => object = Order,
) {
  try {
    await toValid(type, value, options);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return (error as DomainError).options.faults!.map(({ pointer, code }) => `${pointer} ${code}`);
  }
  return [];
}

async function problemsOf(value: unknown, type: new () => object) {
  const error = await toValid(type, value).catch((thrown: unknown) => thrown as DomainError);
  const { faults = [] } = (error as DomainError).options;
  return faults.map(({ pointer, code, detail }) => `${pointer} ${code} ${detail}`);
}

describe('validation', () => {
  test('makes an instance of the class, with those of its nested objects', async () => {
    const order = await toValid(Order, { count: 2, note: null, address: { street: 'x' }, tags: ['a'] });
    expect(order).toBeInstanceOf(Order);
    expect(order.double).toBe(4);
    expect(order.address).toBeInstanceOf(Address);
    expect({ ...order }).toEqual({ count: 2, note: null, address: { street: 'x' }, tags: ['a'] });
  });

  test('tells every fault at once, where it is', async () => {
    const faults = await faultsOf({
      count: 11,
      weight: '0.5',
      note: 'too long',
      size: 'm',
      tags: ['a', 'b', 'long'],
      address: { street: '', 'zip/code': 1 },
      note_: 'x',
    });
    expect(faults.sort()).toEqual([
      '/address/street min_length',
      '/address/zip~1code unknown_field',
      '/count max',
      '/note max_length',
      '/note_ unknown_field',
      '/size is_in',
      '/tags array_max_size',
      '/tags max_length',
      '/weight is_number',
      '/weight max',
      '/weight min',
    ]);
  });

  test('guesses what an unknown field was meant to be', async () => {
    await expect(toValid(Order, { cuont: 1 })).rejects.toMatchObject({
      options: {
        faults: expect.arrayContaining([
          expect.objectContaining({ detail: 'There is no field "cuont". Did you mean "count"?' }),
        ]),
      },
    });
  });

  test('says once of a field that is not there that it is missing, and what to send', async () => {
    const told = await problemsOf({}, Needs);
    expect(told).toEqual([
      '/name is_string name is missing: send a text, such as "ada"',
      '/size is_in size is missing: send one of s, l',
      '/tags is_array tags is missing: send a list',
      '/payload is_object payload is missing: send an object, such as {"a":1}, or {} when there is nothing to say',
      '/where is_object where is missing: send an object',
      '/stops is_array stops is missing: send a list of objects',
    ]);
  });

  test('says once of what is no list, or no object, that it is none', async () => {
    const good = { name: 'a', size: 's', payload: {}, tags: [], where: { street: 'x' }, stops: [] };
    expect(await problemsOf({ ...good, tags: 'x', where: null, stops: 'x' }, Needs)).toEqual([
      '/tags is_array tags must be an array',
      '/where is_object where must be an object',
      '/stops is_array stops must be an array',
    ]);
  });

  test('knows what a field is called elsewhere, and why one is not there', async () => {
    expect(await problemsOf({ tz: 'UTC', queue_name: 'q', when: 1, constructor: 1 }, Rest)).toEqual([
      '/tz unknown_field There is no field "tz". Did you mean "timezone"?',
      '/queue_name unknown_field There is no field "queue_name".',
      '/when unknown_field There is no field "when". It comes at once.',
      '/constructor unknown_field There is no field "constructor".',
    ]);
  });

  test.each([null, undefined, 5, 'x', [], [{}]])('wants an object, not %j', async (value) => {
    expect(await faultsOf(value, { base: '/payload' })).toEqual(['/payload not_an_object']);
  });

  test('checks each object of a list, and says which one is wrong', async () => {
    const route = await toValid(Route, { stops: [{ street: 'x' }, { street: 'y' }] });
    expect(route.stops.map((stop) => stop.constructor)).toEqual([Address, Address]);
    const faults = (stops: unknown) => faultsOf({ stops }, {}, Route);
    expect((await faults([{ street: 'x' }, { street: '', steret: 'y' }])).sort()).toEqual([
      '/stops/1/steret unknown_field',
      '/stops/1/street min_length',
    ]);
    expect(await faults([{ street: 'x' }, 5])).toContain('/stops is_object');
    expect(await faults({ street: 'x' })).toContain('/stops is_array');
    expect(await faults([{ street: 'x' }, { street: 'y' }, { street: 'z' }])).toEqual([
      '/stops array_max_size',
    ]);
    expect(jsonSchemaOf(Route).properties).toMatchObject({
      stops: {
        type: 'array',
        maxItems: 2,
        items: { properties: { street: { type: 'string' } }, required: ['street'] },
      },
    });
  });

  test('reads numbers from texts in a query only', async () => {
    expect(await faultsOf({ count: '5' })).toContain('/count is_int');
    const order = await toValid(Order, { count: '5', note: '7' }, { convert: true });
    expect({ ...order }).toEqual({ count: 5, note: '7' });
    for (const count of ['', ' ', 'x', '1.5', '1e400', ['1', '2']]) {
      expect(await faultsOf({ count }, { convert: true })).toContain('/count is_int');
    }
  });

  test('refuses text that cannot be stored, which in a query comes percent-encoded', async () => {
    expect(await faultsOf({ count: 1, note: 'a\0b' })).toEqual(['/note is_storable_text']);
    expect(await faultsOf({ count: 1, note: '\ud800' })).toEqual(['/note is_storable_text']);
    expect(await faultsOf({ count: 1, tags: ['\0'] })).toEqual(['/tags is_storable_text']);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then'])(
    'takes free JSON with a member called "%s" as it is, and refuses one it does not know',
    async (name) => {
      const free = { [name]: 'x', inner: { [name]: { [name]: 1 } } };
      expect((await toValid(Order, { count: 1, free })).free).toBe(free);
      expect(await faultsOf({ count: 1, [name]: 'x' })).toEqual([`/${name} unknown_field`]);
      expect(Object.entries(await toValid(Undeclared, free))).toEqual(Object.entries(free));
      expect(Object.entries(toInstance(Order, { count: 1, [name]: 'x' }))).toEqual([
        ['count', 1],
        [name, 'x'],
      ]);
    },
  );

  test('heeds class-validator’s own decorators too', async () => {
    await expect(toValid(OnlyRules, { count: 'x' })).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await toValid(OnlyRules, { count: 1, more: 2 })).toEqual({ count: 1, more: 2 });
  });
});
