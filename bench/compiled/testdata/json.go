package main

import "encoding/json"

type entry struct {
	ID    int               `json:"id"`
	Name  string            `json:"name"`
	Tags  []string          `json:"tags"`
	Extra map[string]string `json:"extra"`
}

func work() any {
	var entries []entry
	for i := range 5000 {
		entries = append(entries, entry{i, "a name", []string{"one", "two"}, map[string]string{"k": "v"}})
	}
	size := 0
	for range 5 {
		text, err := json.Marshal(entries)
		if err != nil {
			panic(err)
		}
		var back []entry
		if err := json.Unmarshal(text, &back); err != nil {
			panic(err)
		}
		size += len(text) + len(back)
	}
	return size
}
