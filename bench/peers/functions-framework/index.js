// functions-framework --target=greet
const functions = require('@google-cloud/functions-framework');

functions.http('greet', (request, response) => {
  response.json(`Hello, ${request.body.name}!`);
});
