import tseslint from 'typescript-eslint';

const NO_ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/config reads the environment: inject CONFIG, or use childEnvironment().',
};

const NO_PASSING_TIME = {
  selector: "CallExpression[callee.property.name='waitForTimeout']",
  message: 'Wait for what you expect, not for time to pass.',
};

export default tseslint.config(
  {
    ignores: [
      ...['**/dist/', 'dist-test/', '**/node_modules/', 'coverage/', '.roundhouse/'],
      'clients/typescript/src/generated/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', 250],
      'max-params': ['error', 6],
      'no-restricted-syntax': ['error', NO_ENVIRONMENT, NO_PASSING_TIME],
      'prefer-const': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // A Nest module is a class with nothing in it, and a handler may need no `this`.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Numbers and booleans in messages are what one wants to read there.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Nest and TypeORM fill in fields that a constructor does not.
      '@typescript-eslint/no-inferrable-types': 'off',
      // A DTO is a shape; object literals of that shape are meant to be it.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An interface may ask for a promise that one of its implementations has no need to wait for.
      '@typescript-eslint/require-await': 'off',
      // What was thrown, or came over a wire, may not be what its type says.
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/prefer-regexp-exec': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // These read the environment on purpose: the one reader, and what runs outside the product.
    files: ['src/config/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_PASSING_TIME] },
  },
  {
    // Loops over bytes: that an index lies within is known there, and a check of each byte would cost more than the work.
    files: ['src/tasks/process-data/engine/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      // Answers of the API are read as they come.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests throw what handlers should not, and look at instances as plain values.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      // `app?.stop()` in afterAll: where beforeAll failed, there is none.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
);
