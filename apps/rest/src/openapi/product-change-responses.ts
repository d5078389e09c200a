import { reference } from '../input/fields.ts';
import { productSchema } from '../views/product.ts';
import { answer, bodyProblems, problems } from './responses.ts';

/** The responses of a change that needs `If-Match`, of a product or of its state. */
export const productChangeResponses = {
  200: answer(reference(productSchema), { description: 'The product as it is now.' }),
  ...problems(
    'FORBIDDEN',
    'NOT_FOUND',
    'PRECONDITION_REQUIRED',
    'PRODUCT_NOT_FOUND',
    'VERSION_CONFLICT',
    ...bodyProblems,
  ),
};
