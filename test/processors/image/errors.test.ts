/** What is wrong with a request: Code, EC and message (image.md §1.4, §3.4, §4 to §10, §15, §16). */
import { beforeAll, describe, expect, test } from 'vitest';
import { b64, freshBucket, ossError, processed, put } from '../../helpers/ossite.ts';
import { animation, photograph, plain } from './pictures.ts';

let bucket: string;

beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'a.jpg', await photograph(400, 267));
  await put(bucket, 'dot.png', await plain(1, 1, '#ff0000'));
  await put(bucket, 'wide.png', await plain(4097, 10, '#ff0000'));
  await put(bucket, 'a.gif', await animation(40, 30, [50, 50]));
  await put(bucket, 'notes.txt', Buffer.from('not a picture'));
});

const text = `text_${b64('x')}`;
const nested = (process: string) => `watermark,image_${b64(`dot.png?x-oss-process=${process}`)}`;

describe('bad values', () => {
  test.each([
    ['resize,m_abc', '311', 'abc', 'm'],
    ['resize,w_99999999', '312', '99999999', 'w'],
    ['resize,w_abc', '312', 'abc', 'w'],
    ['resize,w_0', '312', '0', 'w'],
    ['resize,w_12.5', '312', '12.5', 'w'],
    ['resize,w_+5', '312', '+5', 'w'],
    ['resize,w_', '312', '', 'w'],
    ['resize,w_16385', '312', '16385', 'w'],
    ['resize,h_0', '313', '0', 'h'],
    ['resize,w_100,h_0', '313', '0', 'h'],
    ['resize,l_0', '314', '0', 'l'],
    ['resize,s_0', '315', '0', 's'],
    ['resize,p_0', '317', '0', 'p'],
    ['resize,p_1001', '317', '1001', 'p'],
    ['resize,w_1,limit_3', '319', '3', 'limit'],
    ['resize,m_pad,w_1,color_xyz', '318', 'xyz', 'color'],
    ['resize,m_pad,w_1,color_AABBCCDD', '318', 'AABBCCDD', 'color'],
    ['resize,w_0,h_0', '321', '0', 'w'],
    ['crop,w_100,g_fac', '209', 'fac', 'g'],
    ['crop,w_abc', '225', 'abc', 'w'],
    ['crop,w_-1', '225', '-1', 'w'],
    ['crop,h_abc', '226', 'abc', 'h'],
    ['crop,h_-1', '226', '-1', 'h'],
    ['crop,x_abc', undefined, 'abc', 'x'],
    ['crop,y_-1', undefined, '-1', 'y'],
    ['indexcrop,x_abc', '223', 'abc', 'x'],
    ['indexcrop,y_abc', '224', 'abc', 'y'],
    ['indexcrop,x_10,i_abc', '229', 'abc', 'i'],
    ['indexcrop,x_10,i_-1', '229', '-1', 'i'],
    ['rotate,abc', '217', 'abc', undefined],
    ['rotate,400', '217', '400', undefined],
    ['rotate,-1', '217', '-1', undefined],
    ['rotate,a_90', '217', 'a', undefined],
    ['rotate,90,200,300', '203', '200', undefined],
    ['auto-orient,abc', '215', 'abc', undefined],
    ['auto-orient,10', '215', '10', undefined],
    ['auto-orient,1,0', '203', '0', undefined],
    ['bright,1,2', '203', '2', undefined],
    ['contrast,1,2', '203', '2', undefined],
    ['sharpen,50,60', '203', '60', undefined],
    ['interlace,1,0', '203', '0', undefined],
    ['circle,r_0', '233', '0', 'r'],
    ['circle,r_abc', '233', 'abc', 'r'],
    ['circle,r_5000', '233', '5000', 'r'],
    ['rounded-corners,r_abc', '237', 'abc', 'r'],
    ['rounded-corners,r_5000', '237', '5000', 'r'],
    ['blur,r_abc,s_1', '241', 'abc', 'r'],
    ['blur,r_200,s_1', '241', '200', 'r'],
    ['blur,r_1,s_200', '242', '200', 's'],
    ['blur,r_1,s_abc', '242', 'abc', 's'],
    ['bright,101', '246', '101', undefined],
    ['bright,-101', '246', '-101', undefined],
    ['contrast,-101', '248', '-101', undefined],
    ['sharpen,10', '280', '10', undefined],
    ['sharpen,400', '280', '400', undefined],
    ['interlace,2', '282', '2', undefined],
    ['quality,Q_200', '308', '200', 'Q'],
    ['quality,Q_0', '308', '0', 'Q'],
    ['quality,q_200', '309', '200', 'q'],
    ['quality,200', '310', '200', undefined],
    ['format,mp4', '206', 'mp4', 'f'],
    ['format,f_png', '206', 'f', 'f'],
    [`watermark,${text},g_xx`, '260', 'xx', 'g'],
    [`watermark,${text},t_200`, '263', '200', 't'],
    [`watermark,${text},x_8000`, '262', '8000', 'x'],
    [`watermark,${text},y_8000`, '264', '8000', 'y'],
    [`watermark,${text},voffset_2000`, '268', '2000', 'voffset'],
    [`watermark,${text},size_40000`, '256', '40000', 'size'],
    [`watermark,${text},size_0`, '256', '0', 'size'],
    [`watermark,${text},shadow_200`, '255', '200', 'shadow'],
    [`watermark,${text},rotate_400`, '272', '400', 'rotate'],
    [`watermark,${text},order_2`, '269', '2', 'order'],
    [`watermark,${text},interval_2000`, '270', '2000', 'interval'],
    [`watermark,${text},align_3`, '271', '3', 'align'],
    [`watermark,${text},fill_2`, '274', '2', 'fill'],
    [`watermark,${text},fill_1,padx_5000`, '276', '5000', 'padx'],
    [`watermark,${text},fill_1,pady_5000`, '277', '5000', 'pady'],
    [`watermark,${text},color_AABBCCDD`, '254', 'AABBCCDD', 'color'],
    ['watermark,text', '258', '', 'text'],
    ['watermark,text_', '258', '', 'text'],
    [`watermark,text_${b64('x'.repeat(65))}`, undefined, b64('x'.repeat(65)), 'text'],
    [`watermark,text_${b64('two\nlines')}`, undefined, b64('two\nlines'), 'text'],
    [`watermark,text_${b64('   ')}`, undefined, b64('   '), 'text'],
    [`watermark,${text},type_${b64('comic')}`, undefined, 'comic', 'type'],
    [nested('image/resize,P_101'), undefined, '101', 'P'],
    [nested('image/crop,w_abc'), '225', 'abc', 'w'],
  ])('%s', async (action, ec, value, name) => {
    const error = ossError(await processed(bucket, 'a.jpg', `image/${action}`));
    expect(error).toMatchObject({ status: 400, code: 'InvalidArgument', ec: ec && `0040-00000${ec}` });
    if (name !== undefined) expect(error.message).toBe(`The value: ${value} of parameter: ${name} is invalid.`);
    else expect(error.message).toMatch(`The value: ${value} of parameter: `);
  });
});

test.each([
  ['resize', undefined],
  ['resize,m_fill', undefined],
  ['crop', undefined],
  ['crop,r_1', undefined],
  ['rotate', '216'],
  ['auto-orient', '214'],
  ['circle', undefined],
  ['rounded-corners', undefined],
  ['blur,r_3', undefined],
  ['blur,s_3', undefined],
  ['bright', '245'],
  ['contrast', '247'],
  ['sharpen', '279'],
  ['interlace', '281'],
  ['quality', '307'],
  ['format', undefined],
  ['watermark', '278'],
  ['watermark,g_se', '278'],
])('%s lacks something', async (action, ec) => {
  const error = ossError(await processed(bucket, 'a.jpg', `image/${action}`));
  expect(error).toMatchObject({
    status: 400,
    code: 'MissingArgument',
    ec: ec && `0040-00000${ec}`,
    message: 'Missing Some Required Arguments.',
  });
});

test.each([
  ['a.jpg', '', 'InvalidArgument', '0040-00000212'],
  ['a.jpg', 'slim,1', 'InvalidArgument', '0040-00000213'],
  ['a.jpg', 'indexcrop', 'InvalidArgument', '0040-00000230'],
  ['a.jpg', 'indexcrop,i_1', 'InvalidArgument', '0040-00000230'],
  ['a.jpg', 'indexcrop,x_0,i_0', 'InvalidArgument', '0040-00000230'],
  ['a.jpg', 'resize,w_100/info', 'InvalidArgument', undefined],
  ['a.jpg', 'crop,x_400', 'CutEdgeExceedRange', undefined],
  ['a.jpg', 'crop,x_401,y_0,w_10,h_10', 'CutEdgeExceedRange', undefined],
  ['a.jpg', 'crop,y_267', 'CutEdgeExceedRange', undefined],
  ['dot.png', 'crop,x_10,y_10,w_100,h_100', 'CutEdgeExceedRange', undefined],
  ['a.jpg', 'resize,m_fixed,w_5000,h_5000', 'ImageTooLarge', '0040-00000007'],
  ['a.jpg', 'resize,p_1000/resize,p_1000', 'ImageTooLarge', '0040-00000007'],
  ['wide.png', 'rotate,90', 'BadRequest', undefined],
  ['a.jpg', `watermark,${text},type_!`, 'BadRequest', '0040-00000250'],
  ['a.jpg', 'watermark,image_!', 'BadRequest', '0040-00000265'],
  ['a.jpg', `watermark,image_${b64('none.png')}`, 'WatermarkError', '0040-00000025'],
  ['a.jpg', `watermark,image_${b64('notes.txt')}`, 'WatermarkError', '0040-00000027'],
  ['a.jpg', `watermark,image_${b64('a.gif')}`, 'WatermarkError', '0040-00000027'],
  ['a.jpg', nested(`image/watermark,${text}`), 'InvalidArgument', '0040-00000373'],
  ['a.jpg', nested('image/circle,r_1'), 'InvalidArgument', '0040-00000213'],
  ['a.jpg', nested('image/crop,w_1|image/crop,w_1'), 'InvalidArgument', undefined],
  ['a.jpg', 'crop,w_100,g_face', 'NotImplemented', undefined],
  ['a.jpg', 'crop,w_100,g_auto', 'NotImplemented', undefined],
  ['a.jpg', 'blur,r_3,s_3,g_faces', 'NotImplemented', undefined],
  ['a.jpg', 'faces', 'NotImplemented', undefined],
])('%s image/%s is %s %s', async (key, actions, code, ec) => {
  const error = ossError(await processed(bucket, key, `image/${actions}`));
  expect(error).toMatchObject({ status: 400, code, ec });
});

test.each([
  ['a.jpg', 'crop,x_400', "Advance cut's position is out of image."],
  ['wide.png', 'rotate,90', 'Picture exceed the maximum allowable rotation range.'],
  ['a.jpg', 'crop,w_100,g_face', 'A header you provided implies functionality that is not implemented.'],
  ['a.jpg', `watermark,${text},type_!`, 'Input is not base64 decoding.'],
  ['a.jpg', 'watermark,image_!', 'Input is not base64 decoding.'],
])('%s image/%s: %s', async (key, actions, message) => {
  expect(ossError(await processed(bucket, key, `image/${actions}`)).message).toBe(message);
});
