import { expect, test } from "vitest";
import { connectionsOperations } from "../../shared/connections/operations.ts";
import { type Authentication, connectionProfileSchema } from "../../shared/connections/schema.ts";
import { formErrors, formOf, freeId, keptSecret, saveInputOf, secretsAsked } from "./connection-form.ts";

const methods: Authentication[] = [
  { method: "none" },
  { method: "password", user: "ops" },
  { method: "token" },
  { method: "nkey" },
  { method: "credentials", file: "/keys/a.creds" },
  { method: "jwt", jwtFile: "/keys/u.jwt" },
];

test.each(methods)("a saved profile with $method survives the form unchanged", (authentication) => {
  const profile = connectionProfileSchema.parse({
    id: "prod-eu",
    name: "prod-eu",
    color: "#c92f2f",
    environment: "PROD",
    guard: "protected",
    system: "lattice",
    target: {
      addresses: ["nats://a:4222", "nats://b:4222"],
      lattice: "blue",
      jetStreamDomain: "eu",
      requestTimeoutMs: 900,
      authentication,
      tls: { caFile: "/keys/ca.pem", handshakeFirst: true },
    },
  });
  const { id, playground: _playground, ...rest } = profile;
  const saved = connectionsOperations["connections.save"].input.parse(saveInputOf(formOf(profile)));
  expect(saved).toEqual({ connectionId: id, profile: rest });
});

test("an empty form can be saved once it has a name", () => {
  const form = formOf(undefined);
  expect(Object.keys(formErrors(form))).toEqual(["name"]);
  expect(formErrors({ ...form, name: "Lab 2" })).toEqual({});
  expect(saveInputOf({ ...form, name: "Lab 2" }).connectionId).toBe("lab-2");
});

test("what is wrong is said at its field", () => {
  const form = { ...formOf(undefined), name: "x" };
  expect(formErrors({ ...form, addresses: "nats://user:pw@host:4222" })).toHaveProperty("addresses");
  expect(formErrors({ ...form, addresses: "" })).toHaveProperty("addresses");
  expect(formErrors({ ...form, lattice: "a.b" })).toHaveProperty("lattice");
  expect(formErrors({ ...form, method: "password" })).toHaveProperty("user");
  expect(formErrors({ ...form, topicPrefix: "a..b" })).toHaveProperty("topicPrefix");
  expect(formErrors({ ...form, requestTimeoutMs: "" })).toHaveProperty("requestTimeoutMs");
});

test("only secrets of the chosen method are sent, and a file stands for its secret", () => {
  const form = formOf(undefined);
  const secrets = { ...form.secrets, password: "pw", token: "tk", seed: "SU", jwt: "ey" };
  expect(saveInputOf({ ...form, method: "password", secrets }).secrets).toEqual({ password: "pw" });
  expect(saveInputOf({ ...form, method: "none", secrets }).secrets).toBeUndefined();
  expect(saveInputOf({ ...form, method: "jwt", jwtFile: "/u.jwt", secrets }).secrets).toEqual({ seed: "SU" });
  expect(secretsAsked({ ...form, method: "credentials", credentialsFile: " " })).toEqual(["credentials"]);
  expect(saveInputOf({ ...form, method: "token" }).secrets).toBeUndefined();
});

test("a new connection gets an id that is free", () => {
  expect(freeId("Prod EU!", new Set())).toBe("prod-eu");
  expect(freeId("Prod EU!", new Set(["prod-eu", "prod-eu-2"]))).toBe("prod-eu-3");
  expect(freeId("???", new Set())).toBe("connection");
});

test("a kept secret is asked for again once the form leads elsewhere", () => {
  const profile = connectionProfileSchema.parse({
    id: "jobs",
    name: "jobs",
    color: "#c92f2f",
    environment: "PROD",
    system: "forge",
    target: { url: "https://jobs.example", authentication: { method: "bearer" } },
  });
  const existing = { profile, secretsHeld: ["token" as const] };
  const form = formOf(profile);
  const at = (url: string) => keptSecret({ ...form, forge: { ...form.forge, url } }, "token", existing);
  expect(at("https://jobs.example:443/")).toBe("here");
  expect(at("https://jobs.example:8443")).toBe("elsewhere");
  expect(at("https:/")).toBe("elsewhere");
  expect(keptSecret(form, "token", { profile, secretsHeld: [] })).toBe("none");
  expect(keptSecret(form, "token", undefined)).toBe("none");
});
