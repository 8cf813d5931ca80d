// Where links of one page lead on another.

// The page of a store, as of the same instant and under the same rules as a
// report says them.
export function storePath(id, report = {}) {
  const { as_of: asOf, rules = {} } = report;
  const query = new URLSearchParams({ id });
  if (asOf) query.set("as_of", asOf);
  for (const name of ["interpolation", "reach"]) {
    if (rules[name]) query.set(name, rules[name]);
  }
  return `/store.html?${query}`;
}
