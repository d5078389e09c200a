/** Parts of an expression that have names, but no names of metrics. */
const NO_METRICS = [
  /"[^"]*"/g,
  /\{[^}]*\}/g,
  /\[[^\]]*\]/g,
  /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g,
  /\b[a-z_]+\s*(?=\()/g,
  /\b(?:and|or|unless|bool|offset|group_left|group_right|by|on)\b/g,
  /(?<![\w:])\d[\w.]*/g,
];

/** The names of the metrics that a PromQL expression reads, each once. */
export const metricsOf = (expr: string): readonly string[] => {
  const rest = NO_METRICS.reduce((text, part) => text.replace(part, ' '), expr);
  return [...new Set(rest.match(/[a-zA-Z_:][\w:]*/g) ?? [])];
};
