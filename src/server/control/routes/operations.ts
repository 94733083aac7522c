import { describeVariables } from '../../../processors/variables.ts';
import type { Route } from '../route.ts';

const route: Route = {
  method: 'GET',
  path: 'operations',
  doc: 'Every operation with its parameters, ranges, defaults, examples and fidelity, straight from the registry.',
  run: async (_req, { registry }) => ({
    status: 200,
    json: { operations: registry.describe(), variables: describeVariables() },
  }),
};

export default route;
