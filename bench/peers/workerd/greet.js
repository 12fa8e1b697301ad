export default {
  async fetch(request) {
    const { name } = await request.json();
    return Response.json(`Hello, ${name}!`);
  },
};
