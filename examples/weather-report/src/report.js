// Sums measurements up: {"station": "Hamburg", "celsius": [11.5, 12.25, 9]}
// The environment variable UNIT may be C (the default) or F.
import { inUnit, mean } from './numbers.js';

const UNIT = process.env.UNIT ?? 'C';

export const handler = async ({ station = 'unknown', celsius = [] }, context) => {
  const temperatures = [];
  for (const value of celsius) {
    // Long inputs are cut rather than lost to the timeout.
    if (context.getRemainingTimeInMillis() < 100) {
      console.warn(`only ${temperatures.length} of ${celsius.length} values, the time is up`);
      break;
    }
    temperatures.push(inUnit(value, UNIT));
  }

  // A line of JSON can be opened in the console's log.
  console.log(JSON.stringify({ station, values: temperatures.length, unit: UNIT }));

  return {
    station,
    unit: UNIT,
    mean: mean(temperatures),
    highest: temperatures.length ? Math.max(...temperatures) : null,
    lowest: temperatures.length ? Math.min(...temperatures) : null,
  };
};
