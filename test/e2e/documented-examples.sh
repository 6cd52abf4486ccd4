#!/bin/sh
# The examples of the documentation, as people type them. The fake server answers; the test looks at what it was asked.
set -eu

ollama-orchestrate create-agent default \
  --models llama3.2,codellama,llama2 \
  --description "General purpose agent for code and chat tasks"

ollama-orchestrate list-agents

ollama-orchestrate run-tasks default \
  --tasks "generate:Review this Python code for bugs: def add(a,b): return a+b" \
  --tasks "generate:Review this JavaScript code for bugs: function add(a,b){ return a-b; }" \
  --tasks "generate:Review this Go code for bugs: func add(a, b int) int { return a * b }"

ollama-orchestrate run-tasks default --sequential \
  --tasks "generate:Write a Python function to reverse a string" \
  --tasks "chat:Explain how it works, in one paragraph"

ollama-orchestrate run-workflow default \
  --steps "plan:generate:Create a plan for a REST API for a to-do list" \
  --steps "code:generate:Write the Python code for this plan: {{plan}}" \
  --steps "style:generate:Review the style of this code: {{code}}" \
  --json > review.json

ollama-orchestrate run-workflow default \
  --steps "analyze:generate:Analyze this function: def add(a,b): return a+b" \
  --steps "document:generate:Write documentation based on this analysis: {{analyze}}" \
  --steps "examples:generate:Write usage examples for this documentation: {{document}}" \
  --json > documentation.json

# What the steps answered, for the test to compare with what the next one was asked.
node -e '
  for (const file of ["review.json", "documentation.json"]) {
    for (const { name, output } of JSON.parse(require("fs").readFileSync(file)).steps) {
      console.log(`--- ${name}.txt\n${output}\n--- end`);
    }
  }'
