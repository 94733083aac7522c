import type { Configuration } from '../configuration.ts';

const fields: Configuration = {
  key: 'userDefinedLogFieldsConfig',
  root: 'UserDefinedLogFieldsConfiguration',
  names: {
    put: 'PutUserDefinedLogFieldsConfig',
    get: 'GetUserDefinedLogFieldsConfig',
    delete: 'DeleteUserDefinedLogFieldsConfig',
  },
  tier: 3,
  stored: 'no access logs are written',
  absent: 'NoSuchUserDefinedLogFieldsConfig',
};

export default fields;
