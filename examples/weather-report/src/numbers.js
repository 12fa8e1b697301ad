export const inUnit = (celsius, unit) => (unit === 'F' ? celsius * 1.8 + 32 : celsius);

export const mean = (values) =>
  values.length ? Math.round((values.reduce((a, b) => a + b, 0) / values.length) * 100) / 100 : null;
