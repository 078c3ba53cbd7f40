import { resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const entry = resolve(root, "src/index.ts");
const ports = ["storage/storage.ts", "catalogue/catalogue.ts", "catalogue/checks.ts", "vendor/recording-source.ts"].map(
  (file) => resolve(root, "src", file),
);

const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(resolve(root, "tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  root,
);
const program = ts.createProgram([entry, ...ports], config.options);
const checker = program.getTypeChecker();

function exportsOf(path: string): readonly ts.Symbol[] {
  const file = program.getSourceFile(path);
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`no module at ${path}`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
}

function hasText(symbol: ts.Symbol): boolean {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== "";
}

/** A type that shares its name with a documented value, or is derived from one, needs no text of its own. */
function isDerivedType(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const siblings = declaration.parent.getChildren().flatMap((child) => child.getChildren());
    const before = siblings[siblings.indexOf(declaration) - 1];
    const isAlias = ts.isTypeAliasDeclaration(declaration);
    return (
      isAlias &&
      /typeof/.test(declaration.getText()) &&
      before !== undefined &&
      /^\/\*\*/.test(before.getFullText().trim())
    );
  });
}

test("every export of the library has a docstring", () => {
  const bare = exportsOf(entry).filter((symbol) => !hasText(symbol) && !isDerivedType(symbol));
  expect(bare.map((symbol) => symbol.name)).toEqual([]);
});

test("every method of a port has a docstring", () => {
  const bare = ports.flatMap(exportsOf).flatMap((symbol) => {
    const isInterface = (symbol.flags & ts.SymbolFlags.Interface) !== 0;
    const methods = isInterface
      ? [...(symbol.members?.values() ?? [])].filter((m) => m.flags & ts.SymbolFlags.Method)
      : [];
    return methods.filter((method) => !hasText(method)).map((method) => `${symbol.name}.${method.name}`);
  });
  expect(bare).toEqual([]);
});
