/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null after the last one. */
  readonly nextCursor: string | null;
  /** The search was ended after two seconds: there may be more, from `nextCursor` on, even when this page is empty. */
  readonly incomplete: boolean;
}

/** A list that is fetched page by page, while it is read. Each loop over it starts from the beginning. */
export class Pages<Item> implements AsyncIterable<Item> {
  constructor(private readonly fetchPage: (cursor: string | undefined) => Promise<Page<Item>>) {}

  /** The pages themselves. */
  async *pages(): AsyncGenerator<Page<Item>, void> {
    let cursor: string | undefined;
    do {
      const page = await this.fetchPage(cursor);
      yield page;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
    for await (const page of this.pages()) yield* page.items;
  }
}

/** @param fetchPage asks for the page that begins at the cursor @param name of the list in the answer */
export function pagesOf<Name extends string, Item>(
  name: Name,
  fetchPage: (
    cursor: string | undefined,
  ) => Promise<Record<Name, Item[]> & { next_cursor: string | null; incomplete?: boolean }>,
): Pages<Item> {
  return new Pages(async (cursor) => {
    const answer = await fetchPage(cursor);
    return {
      items: answer[name],
      nextCursor: answer.next_cursor,
      incomplete: answer.incomplete ?? false,
    };
  });
}
