import { expect, test } from "bun:test";
import { errors, types } from "cassandra-driver";
import { asFailure, asOpenFailure } from "./failure.ts";
import { assertVersions, createKeyspace } from "./keyspace.ts";

const codes = types.responseErrorCodes;
const answer = (code: number): Error => new errors.ResponseError(code, "so");

test("what a node cannot do at the moment is `unavailable` or `busy`; a mistake stays what it is", () => {
  const passing = [codes.writeTimeout, codes.readTimeout, codes.unavailableException];
  for (const code of passing)
    expect(asFailure(answer(code))).toMatchObject({ code: "unavailable" });
  expect(asFailure(new errors.OperationTimedOutError("late"))).toMatchObject({
    code: "unavailable",
  });
  expect(asFailure(answer(codes.overloaded))).toMatchObject({ code: "busy" });
  expect(asFailure(new errors.BusyConnectionError("a", 1, 1))).toMatchObject({ code: "busy" });
  expect(asFailure(answer(codes.unauthorized))).toMatchObject({ code: "credentials" });
  const mistake = answer(codes.invalid);
  expect(asFailure(mistake)).toBe(mistake);
  const bug = new TypeError("no");
  expect(asFailure(bug)).toBe(bug);
});

test("why a start failed is what the nodes said, not that none was left to try", () => {
  const none = (inner: Record<string, Error>): Error => new errors.NoHostAvailableError(inner);
  const refused = none({ "a:1": new errors.AuthenticationError("wrong password") });
  expect(asOpenFailure(refused, ["a:1"])).toMatchObject({
    code: "credentials",
    message: "Cassandra refuses the credentials: wrong password",
  });
  const silent = none({ "a:1": new Error("refused"), "b:1": new Error("refused") });
  expect(asOpenFailure(silent, ["a:1", "b:1"])).toMatchObject({
    code: "unreachable",
    message: "no Cassandra node at a:1, b:1: refused",
  });
});

test("a cluster with one old node is refused", () => {
  expect(() => assertVersions(["5.0.5", "4.1.3", "10.0"])).not.toThrow();
  expect(() => assertVersions(["5.0.5", "3.11.17"])).toThrow(/a node runs Cassandra 3.11.17/);
});

test("a data center's name stays a name in the statement", () => {
  expect(createKeyspace("damso", { "o'hare": 3, b: 2 })).toBe(
    "CREATE KEYSPACE IF NOT EXISTS damso WITH replication = " +
      "{'class': 'NetworkTopologyStrategy', 'o''hare': 3, 'b': 2}",
  );
});
