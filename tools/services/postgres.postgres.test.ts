import { SQL } from "bun";
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { freshName, postgresNode, postgresServer } from "./services.ts";

test("the server of the run takes a schema and a row", async () => {
  const postgres = await postgresServer();
  const sql = new SQL(postgres.url);
  const schema = freshName("schema");
  await sql.unsafe(`create schema ${schema}`);
  await sql.unsafe(`create table ${schema}.rows (body text)`);
  await sql.unsafe(`insert into ${schema}.rows values ('담소')`);
  expect([...(await sql.unsafe(`select body from ${schema}.rows`))]).toEqual([{ body: "담소" }]);
  await sql.unsafe(`drop schema ${schema} cascade`);
  await sql.close();
  await postgres.stop();
});

test("a killed server has its rows again after a restart, and nothing stays after the stop", async () => {
  const node = await postgresNode();
  const before = new SQL(node.url);
  await before`create table kept (id int)`;
  await before`insert into kept values (7)`;
  await node.kill(0);
  const error: unknown = await before`select 1`.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  await before.close();
  await node.restart(0);
  const after = new SQL(node.url);
  expect([...(await after`select id from kept`)]).toEqual([{ id: 7 }]);
  await after.close();
  await node.stop();
  expect(existsSync(node.folder)).toBe(false);
});

test("a paused server keeps its connections and answers when it is resumed", async () => {
  const node = await postgresNode();
  const sql = new SQL(node.url);
  await sql`select 1`;
  await node.pause(0);
  const answer = sql`select 2 as two`.then((rows: Iterable<unknown>) => [...rows]);
  expect(await Promise.race([answer, Bun.sleep(200).then(() => "silence")])).toBe("silence");
  await node.resume(0);
  expect(await answer).toEqual([{ two: 2 }]);
  await sql.close();
  await node.stop();
});
