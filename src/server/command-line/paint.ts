/** Colours: on a terminal only, and not where NO_COLOR is set. */
import colors from 'picocolors';

export const paint = colors.createColors(
  process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
);
