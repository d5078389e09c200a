import type { ImportedProduct } from '../domain/catalogue-import.ts';

type Images = Pick<ImportedProduct, 'imageUrl' | 'furtherImageUrls'>;

/** The value that clears a field. */
const CLEAR = '\\N';

/** The addresses in a field: a list of JSON, or a text with spaces between them. Null for neither. */
const readList = (value: unknown): readonly string[] | null => {
  if (typeof value === 'string') return value.trim().split(/\s+/);
  if (!Array.isArray(value)) return null;
  const items: readonly unknown[] = value;
  return items.every((item): item is string => typeof item === 'string') ? items : null;
};

/**
 * Reads the images of a row. The field `image_url` is the first image; the field `images` has all of
 * them, or those after it. A field without a value in the file leaves its images as they are.
 * @param imageUrl null when the file clears it
 * @param images as the file has it; undefined when it has none
 */
export const readImages = (
  imageUrl: string | null | undefined,
  images: unknown,
  onFault: (reason: string) => void,
): Images => {
  if (images === undefined) return { imageUrl, furtherImageUrls: undefined };
  const urls = images === CLEAR ? [] : readList(images);
  if (!urls) {
    onFault('must be an array of strings');
    return { imageUrl, furtherImageUrls: undefined };
  }
  if (typeof imageUrl === 'string') {
    return { imageUrl, furtherImageUrls: urls.filter((url) => url !== imageUrl) };
  }
  return { imageUrl: urls[0] ?? null, furtherImageUrls: urls.slice(1) };
};
