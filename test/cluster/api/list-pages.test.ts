import { expect, test } from 'vitest';
import { listPages } from '../../../src/cluster/api/list-pages.ts';

const query = { path: '/api/v1/namespaces/shop/pods', labelSelector: 'app=checkout', fieldSelector: null };

/** A server of three pages whose answers come when the test says so. */
const server = () => {
  const asked: string[] = [];
  const waiting: { readonly head: () => void; readonly answer: () => void }[] = [];
  const pages = listPages(
    query,
    (object) => `row ${object}`,
    (path, { item, head }) =>
      new Promise((done) => {
        const from = Number(new URLSearchParams(path.split('?')[1]).get('continue') ?? '0');
        const metadata = { resourceVersion: '7', continue: from < 2 ? String(from + 1) : '' };
        asked.push(`page ${from}`);
        waiting.push({
          head: () => head?.({ metadata, items: [] }),
          answer: () => done({ metadata, items: [item(from)] }),
        });
      }),
  );
  return { asked, waiting, pages };
};

test('the next page is asked for as soon as it is known, and never the one after it', async () => {
  const { asked, waiting, pages } = server();
  const first = pages.next();
  expect(asked).toEqual(['page 0']);
  waiting[0]?.head();
  expect(asked).toEqual(['page 0', 'page 1']);
  waiting[1]?.head();
  expect(asked).toEqual(['page 0', 'page 1']);
  waiting[0]?.answer();
  expect((await first).value).toMatchObject({ items: ['row 0'] });
  const second = pages.next();
  expect(asked).toEqual(['page 0', 'page 1', 'page 2']);
  waiting[1]?.answer();
  waiting[2]?.answer();
  expect((await second).value).toMatchObject({ items: ['row 1'] });
  expect((await pages.next()).value).toMatchObject({ items: ['row 2'], next: null });
  expect(await pages.next()).toMatchObject({ done: true });
  expect(asked).toHaveLength(3);
});

test('a server that says where it goes on at the end only is read all the same', async () => {
  const { asked, waiting, pages } = server();
  const rows: string[] = [];
  for (let page = 0; page < 3; page += 1) {
    const coming = pages.next();
    waiting[page]?.answer();
    rows.push(...((await coming).value?.items ?? []));
  }
  expect(rows).toEqual(['row 0', 'row 1', 'row 2']);
  expect(asked).toHaveLength(3);
});
