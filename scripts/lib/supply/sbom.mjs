import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Contrib, Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { modulePath } from "../paths.mjs";
import { Failure } from "../terminal.mjs";

const schemas = join(modulePath("@cyclonedx/cyclonedx-library"), "res", "schema");
// Whether an expression is one has been seen when the licences were checked.
const licences = new Contrib.License.Factories.LicenseFactory(() => undefined);

/**
 * The bill of materials, as CycloneDX 1.6, of the product that `manifest` describes, made of these packages (as
 * `readPackage` answers them, each with `contains` for what is inside and has no package of its own). Throws where
 * the result does not fit the schema.
 */
export function billOfMaterials(manifest, packages, time = new Date()) {
  const product = new Models.Component(Enums.ComponentType.Application, manifest.productName, {
    bomRef: manifest.name,
    version: manifest.version,
    description: manifest.description,
    licenses: new Models.LicenseRepository([licences.makeFromString(manifest.license)]),
  });
  const metadata = new Models.Metadata({ component: product, timestamp: time });
  const bom = new Models.Bom({ metadata, serialNumber: Contrib.Bom.Utils.randomSerialNumber() });
  const parts = new Map(packages.map((one) => [one.path, componentOf(one)]));
  for (const { path, needs } of packages) {
    const part = parts.get(path);
    bom.components.add(part);
    product.dependencies.add(part.bomRef);
    for (const need of needs) if (parts.has(need)) part.dependencies.add(parts.get(need).bomRef);
  }
  const normalizer = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const text = new Serialize.JsonSerializer(normalizer).serialize(bom, { sortLists: true, space: 2 });
  const faults = schemaFaults(JSON.parse(text));
  if (faults.length > 0)
    throw new Failure(`The bill of materials does not fit its schema:\n${faults.join("\n")}`);
  return text;
}

function componentOf(one) {
  const { name, version, licence, author, source, integrity, download, contains = [] } = one;
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const component = new Models.Component(
    name === "electron" ? Enums.ComponentType.Framework : Enums.ComponentType.Library,
    name,
    {
      bomRef: one.path,
      version,
      author,
      purl,
      licenses: new Models.LicenseRepository([licences.makeFromString(licence)]),
    },
  );
  if (integrity) component.hashes.set(Enums.HashAlgorithm["SHA-512"], hexOf(integrity));
  if (source)
    component.externalReferences.add(new Models.ExternalReference(source, Enums.ExternalReferenceType.VCS));
  if (download) component.externalReferences.add(distributionOf(download));
  for (const inner of contains) component.components.add(innerComponent(inner, one.path));
  return component;
}

/** npm writes a checksum as `sha512-` and Base64, CycloneDX as hexadecimal digits. */
function hexOf(integrity) {
  return Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex");
}

function distributionOf({ address, sha256 }) {
  const reference = new Models.ExternalReference(address, Enums.ExternalReferenceType.Distribution);
  reference.hashes.set(Enums.HashAlgorithm["SHA-256"], sha256);
  return reference;
}

function innerComponent({ name, version, licence, cpe }, outer) {
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: `${outer}#${name}`,
    version,
    purl: version && `pkg:generic/${name}@${version}`,
    cpe: `cpe:2.3:a:${cpe}:${version ?? "*"}:*:*:*:*:*:*:*`,
    licenses: new Models.LicenseRepository([licences.makeFromString(licence)]),
  });
}

/** Where a document does not fit the schema that CycloneDX publishes for its version: a line for each place. */
export function schemaFaults(bom) {
  const read = (name) => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8"));
  const others = ["spdx", "jsf-0.82", "cryptography-defs"].map((name) => ({
    ...read(name),
    // By this name the schema asks for it.
    $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
  }));
  const ajv = new Ajv({ strict: false, allErrors: true, schemas: others });
  addFormats(ajv);
  // ajv-formats knows no internationalised forms; nothing here has addresses of mail, and addresses of pages are URIs.
  ajv.addFormat("idn-email", true);
  ajv.addFormat("iri-reference", true);
  ajv.validate(read(`bom-${bom.specVersion}`), bom);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
}
